{
    "name": "One-Stop Center: referrals",
    "version": "19.0.1.0.0",
    "summary": "Directory of partner organisations, referrals that pass on what she "
    "agreed to, and a portal in which partners answer",
    "category": "Services/One-Stop Center",
    "author": "One-Stop Center suite contributors",
    "license": "LGPL-3",
    "depends": ["osc_cases", "portal"],
    "data": [
        "security/osc_referral_groups.xml",
        "security/ir.model.access.csv",
        "security/osc_referral_security.xml",
        "data/ir_sequence_data.xml",
        "data/osc_referral_item_data.xml",
        "views/res_partner_views.xml",
        "views/osc_referral_views.xml",
        "views/osc_referral_menus.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
