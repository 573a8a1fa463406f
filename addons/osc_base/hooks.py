def pre_init_hook(env):
    """Shifts of one person must not overlap: the constraint needs btree_gist.

    It is a trusted extension, so the owner of the database can create it.
    """
    env.cr.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
