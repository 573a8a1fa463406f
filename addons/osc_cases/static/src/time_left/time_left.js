import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {formatDateTime} from "@web/core/l10n/dates";
import {Component, onMounted, onWillUnmount, useState} from "@odoo/owl";

const {DateTime} = luxon;
const MINUTE = 60000;

/** Hours and minutes until a moment, or since; days when it is far away. */
export function timeLeft(moment, now) {
    const minutes = Math.abs(Math.ceil((moment - now) / MINUTE));
    const hours = Math.floor(minutes / 60);
    const left =
        hours >= 72
            ? _t("%s d", Math.floor(hours / 24))
            : _t("%(hours)s h %(minutes)s min", {hours, minutes: minutes % 60});
    return moment > now ? _t("%s left", left) : _t("%s ago", left);
}

/** A due time as what is left of it, counting down, red when it has passed. */
export class TimeLeftField extends Component {
    static template = "osc_cases.TimeLeftField";
    static props = {...standardFieldProps};

    setup() {
        this.state = useState({now: DateTime.now()});
        onMounted(() => {
            this.timer = setInterval(() => {
                this.state.now = DateTime.now();
            }, MINUTE / 2);
        });
        onWillUnmount(() => clearInterval(this.timer));
    }

    get due() {
        return this.props.record.data[this.props.name];
    }

    get text() {
        return timeLeft(this.due, this.state.now);
    }

    get title() {
        return formatDateTime(this.due);
    }

    /** Warns in the last quarter of a day, as colour-blind people read the words. */
    get color() {
        const hours = (this.due - this.state.now) / MINUTE / 60;
        if (hours <= 0) {
            return "text-danger fw-bold";
        }
        return hours <= 6 ? "text-warning-emphasis fw-bold" : "";
    }
}

export const timeLeftField = {
    component: TimeLeftField,
    displayName: _t("Time left"),
    supportedTypes: ["datetime"],
};

registry.category("fields").add("osc_time_left", timeLeftField);
