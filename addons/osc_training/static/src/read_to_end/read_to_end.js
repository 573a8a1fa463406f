import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";

/**
 * A text that is read to its end. The button that says so works once the end has been in
 * sight; when that was is written by the server.
 */
export class ReadToEnd extends Component {
    static template = "osc_training.ReadToEnd";
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.text = useRef("text");
        this.end = useRef("end");
        this.state = useState({seen: false, saving: false});
        useEffect(
            (end) => {
                if (!end) {
                    return;
                }
                const observer = new IntersectionObserver(
                    (entries) => {
                        if (entries.some((entry) => entry.isIntersecting)) {
                            this.state.seen = true;
                        }
                    },
                    {root: this.text.el}
                );
                observer.observe(end);
                return () => observer.disconnect();
            },
            () => [this.end.el]
        );
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    get isToRead() {
        const {is_mine: isMine, state} = this.props.record.data;
        return isMine && state === "read";
    }

    get hint() {
        return this.state.seen
            ? _t("You are at the end.")
            : _t("Scroll to the end of the text.");
    }

    async markRead() {
        const {record} = this.props;
        this.state.saving = true;
        try {
            await this.orm.call(record.resModel, "action_mark_read", [[record.resId]]);
            await record.load();
        } finally {
            // Where the connection failed, the button works again.
            this.state.saving = false;
        }
    }
}

export const readToEnd = {
    component: ReadToEnd,
    displayName: _t("Text that is read to its end"),
    supportedTypes: ["html"],
    fieldDependencies: [
        {name: "is_mine", type: "boolean"},
        {name: "state", type: "selection"},
    ],
};

registry.category("fields").add("osc_read_to_end", readToEnd);
