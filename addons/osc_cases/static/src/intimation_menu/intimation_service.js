import {browser} from "@web/core/browser/browser";
import {deserializeDateTime} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {reactive} from "@odoo/owl";

import {AlertSound} from "./alert_sound";

const BUS_TYPE = "osc_cases.intimation";
const OPEN_STATES = ["sent", "acknowledged"];
const URGENCY_RANK = {emergency: 0, urgent: 1, routine: 2};
// The server pushes; asking again now and then is the safety net for what a broken
// connection swallowed.
const RESYNC_SECONDS = 30;
const REPEAT_SOUND_SECONDS = 20;
const SESSION_ENDED = "odoo.http.SessionExpiredException";
const TOAST = {sticky: true, className: "o_osc_intimation_toast"};

/**
 * The open intimations of the current user, kept up to date by the server.
 */
export const intimationService = {
    dependencies: [
        "action",
        "bus_service",
        "check_identity",
        "notification",
        "orm",
        "title",
    ],

    async start(
        env,
        {action, bus_service: bus, check_identity: lock, notification, orm, title}
    ) {
        const state = reactive({items: [], muted: AlertSound.muted});
        const sound = new AlertSound();
        let closeToast = () => {};
        let pushes = 0;

        function pressing() {
            return state.items.filter(
                (item) => item.state === "sent" && !item.colleague_has_it
            );
        }

        function sort(items) {
            return items.sort(
                (a, b) =>
                    (a.state === "sent" ? 0 : 1) - (b.state === "sent" ? 0 : 1) ||
                    URGENCY_RANK[a.urgency] - URGENCY_RANK[b.urgency] ||
                    a.due - b.due
            );
        }

        /** One toast at a time: more would cover what they are about. */
        function showToast() {
            closeToast();
            const items = pressing();
            if (items.length === 1) {
                const [item] = items;
                closeToast = notification.add(`${item.code} · ${item.discipline}`, {
                    ...TOAST,
                    title: URGENCY_LABEL[item.urgency],
                    type: item.urgency === "routine" ? "info" : "danger",
                    buttons: [
                        {
                            name: _t("Acknowledge"),
                            primary: true,
                            onClick: () => service.acknowledge(item.id),
                        },
                    ],
                });
            } else if (items.length) {
                closeToast = notification.add(
                    _t("%s intimations wait for you", items.length),
                    {
                        ...TOAST,
                        type: "danger",
                        buttons: [
                            {
                                name: _t("Show"),
                                primary: true,
                                onClick: () => service.openAll(),
                            },
                        ],
                    }
                );
            }
        }

        function replaceAll(payloads) {
            const known = new Set(pressing().map((item) => item.id));
            state.items = sort(payloads.map(toItem));
            const items = pressing();
            const added = items.filter((item) => !known.has(item.id));
            if (added.length) {
                showToast();
                sound.play(sort(added)[0].urgency);
            } else if (items.length < known.size) {
                closeToast();
            }
            title.setCounters({osc_intimations: items.length});
        }

        function onChange(payload) {
            pushes++;
            const others = state.items.filter((item) => item.id !== payload.id);
            const open = OPEN_STATES.includes(payload.state);
            replaceAll(open ? [...others, payload] : others);
        }

        async function resync() {
            const before = pushes;
            const payloads = await orm.silent.call("osc.intimation", "get_open", []);
            if (before === pushes) {
                replaceAll(payloads);
            } else {
                // What was pushed meanwhile may be newer than this answer.
                await resync();
            }
        }

        /**
         * A broken connection mends itself. A session that ended does not: a screen
         * that hears nothing more must not look as if nothing happened.
         */
        async function keepUp() {
            try {
                await resync();
            } catch (error) {
                if (error.exceptionName === SESSION_ENDED) {
                    browser.clearInterval(resyncTimer);
                    throw error;
                }
            }
        }

        let resyncTimer = null;
        const service = {
            state,
            pressing,
            resync,
            async acknowledge(id) {
                await orm.call("osc.intimation", "action_acknowledge", [[id]]);
                await resync();
            },
            async act(id, text) {
                await orm.call("osc.intimation", "action_act", [[id], text]);
                await resync();
            },
            /** The list shows what the toast says, and more. */
            closeToast: () => closeToast(),
            openAll() {
                closeToast();
                return action.doAction("osc_cases.osc_intimation_action_mine", {
                    clearBreadcrumbs: true,
                });
            },
            toggleMute() {
                AlertSound.muted = !AlertSound.muted;
                state.muted = AlertSound.muted;
            },
        };

        if (await user.hasGroup("osc_base.group_any_role")) {
            bus.subscribe(BUS_TYPE, onChange);
            bus.addEventListener("BUS:RECONNECT", resync);
            // A locked screen still hears pushes, but can't ask.
            lock.bus.addEventListener("identityChecked", () => {
                if (action.currentController) {
                    resync().catch(() => {});
                } else {
                    // It was locked when it was opened: nothing is there to show anew.
                    browser.location.reload();
                }
            });
            bus.start();
            // Don't hold the web client back: the counter appears a moment later.
            keepUp();
            resyncTimer = browser.setInterval(keepUp, RESYNC_SECONDS * 1000);
            browser.setInterval(() => {
                if (pressing().length) {
                    sound.play(pressing()[0].urgency);
                }
            }, REPEAT_SOUND_SECONDS * 1000);
        }
        return service;
    },
};

export const URGENCY_LABEL = {
    emergency: _t("Emergency"),
    urgent: _t("Urgent"),
    routine: _t("Routine"),
};

function toItem(payload) {
    return payload.due
        ? payload
        : {...payload, due: deserializeDateTime(payload.due_at)};
}

registry.category("services").add("osc_intimations", intimationService);
