import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {Component, useState, xml} from "@odoo/owl";

/** The number of a finding; those that are not saved yet get the one they will have.
 *
 * @param {Object} record
 * @param {Object[]} records all findings of the exam
 * @returns {Number}
 */
export function numberOf(record, records) {
    if (record.data.number) {
        return record.data.number;
    }
    const numbers = records.map((other) => other.data.number || 0);
    const unsaved = records.filter((other) => !other.data.number);
    const place = unsaved.findIndex((other) => other.id === record.id);
    return Math.max(0, ...numbers) + place + 1;
}

/** The same number in the list below the body map as on the map. */
export class FindingNumber extends Component {
    static template = xml`<span t-out="number"/>`;
    static props = {...standardFieldProps};

    setup() {
        // What is added or removed beside it changes its number.
        this.findings = this.env.findings && useState(this.env.findings());
    }

    get number() {
        const records = this.findings?.records || [this.props.record];
        return numberOf(this.props.record, records);
    }
}

registry.category("fields").add("osc_finding_number", {
    component: FindingNumber,
    supportedTypes: ["integer"],
});
