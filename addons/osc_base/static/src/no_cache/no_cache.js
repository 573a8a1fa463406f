import {session} from "@web/session";

/**
 * The web client keeps answers of the server on the disk of the computer, so as to show
 * them at once the next time: what was searched for in plain text, records with a key
 * that outlives the session. On a shared computer that is a list of women's names, and
 * who has lost access would still be shown what was kept.
 *
 * Without this key it keeps nothing, neither on the disk nor in memory. It works like
 * that wherever a page has no secure connection. This runs before the client starts.
 */
delete session.browser_cache_secret;

// What was kept before.
window.indexedDB?.deleteDatabase("rpc");
