{
    "name": "Quick passwords",
    "summary": "Loaded by the configuration of ./osc; nothing to install",
    "author": "One-Stop Center suite",
    "license": "LGPL-3",
    "installable": False,
}
