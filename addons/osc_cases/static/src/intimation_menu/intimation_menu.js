import {browser} from "@web/core/browser/browser";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {useDropdownState} from "@web/core/dropdown/dropdown_hooks";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {Component, onWillUnmount, useState} from "@odoo/owl";

import {URGENCY_LABEL} from "./intimation_service";

/**
 * Counter and list of the user's open intimations, in the bar of every screen.
 */
export class IntimationMenu extends Component {
    static template = "osc_cases.IntimationMenu";
    static components = {Dropdown};
    static props = {};

    setup() {
        this.action = useService("action");
        this.intimations = useService("osc_intimations");
        this.state = useState(this.intimations.state);
        this.local = useState({now: luxon.DateTime.now(), texts: {}, busy: {}});
        this.dropdown = useDropdownState();
        const timer = browser.setInterval(() => {
            this.local.now = luxon.DateTime.now();
        }, 1000);
        onWillUnmount(() => browser.clearInterval(timer));
    }

    get pressingCount() {
        return this.state.items.filter(
            (item) => item.state === "sent" && !item.colleague_has_it
        ).length;
    }

    beforeOpen() {
        this.intimations.closeToast();
        return this.intimations.resync();
    }

    urgencyLabel(item) {
        return URGENCY_LABEL[item.urgency];
    }

    isOverdue(item) {
        return item.state === "sent" && item.due < this.local.now;
    }

    /** Minutes and seconds left to acknowledge, or how long it is overdue. */
    countdown(item) {
        const left = item.due.diff(this.local.now);
        const clock = luxon.Duration.fromMillis(Math.abs(left.toMillis()));
        const text = clock.toFormat(
            Math.abs(left.as("hours")) >= 1 ? "h:mm:ss" : "m:ss"
        );
        return left.toMillis() >= 0 ? _t("%s left", text) : _t("%s overdue", text);
    }

    async _once(item, answer) {
        if (this.local.busy[item.id]) {
            return;
        }
        this.local.busy[item.id] = true;
        try {
            await answer();
        } finally {
            delete this.local.busy[item.id];
        }
    }

    acknowledge(item) {
        return this._once(item, () => this.intimations.acknowledge(item.id));
    }

    act(item) {
        return this._once(item, async () => {
            await this.intimations.act(item.id, this.local.texts[item.id]);
            delete this.local.texts[item.id];
        });
    }

    open(item) {
        this.dropdown.close();
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "osc.intimation",
            res_id: item.id,
            views: [[false, "form"]],
        });
    }

    openAll() {
        this.dropdown.close();
        return this.intimations.openAll();
    }
}

registry
    .category("systray")
    .add("osc_cases.intimation_menu", {Component: IntimationMenu}, {sequence: 30});
