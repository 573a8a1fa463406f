import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {Component} from "@odoo/owl";

/** Tells at intake who may be known already, and links the case to her. */
export class KnownSurvivors extends Component {
    static template = "osc_cases.KnownSurvivors";
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.matched = {
            national_id: _t("same national ID"),
            phone: _t("same phone number"),
            name: _t("name sounds alike"),
        };
    }

    get matches() {
        return this.props.record.data[this.props.name] || [];
    }

    reasons(match) {
        return match.matched.map((name) => this.matched[name]).join(", ");
    }

    async link(match) {
        const {record} = this.props;
        if (await record.save()) {
            await this.orm.call("osc.case", "action_link_survivor", [
                [record.resId],
                match.survivor_id,
            ]);
            await record.load();
        }
    }
}

registry.category("fields").add("osc_known_survivors", {
    component: KnownSurvivors,
    supportedTypes: ["json"],
});
