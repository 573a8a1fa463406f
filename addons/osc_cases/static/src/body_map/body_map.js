import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {X2ManyField, x2ManyField} from "@web/views/fields/x2many/x2many_field";

import {useState, useSubEnv} from "@odoo/owl";

import {numberOf} from "./finding_number";

// One press of an arrow key, in percent of the outline.
const STEP = 2;
const ARROWS = {
    ArrowLeft: [-STEP, 0],
    ArrowRight: [STEP, 0],
    ArrowUp: [0, -STEP],
    ArrowDown: [0, STEP],
};

/** Findings as numbered marks on the outline of a body, above their list.
 *
 * A tap on the outline adds one, a tap on a mark opens it. With the keyboard: arrows
 * move a cross on the outline, Enter adds there; Tab goes through the marks.
 */
export class BodyMap extends X2ManyField {
    static template = "osc_cases.BodyMap";

    setup() {
        super.setup();
        this.sides = [
            {name: "front", label: _t("Front")},
            {name: "back", label: _t("Back")},
        ];
        this.cross = useState({side: null, x: 50, y: 30});
        useSubEnv({findings: () => this.list});
    }

    marks(side) {
        return this.list.records.filter((record) => record.data.side === side);
    }

    numberOf(record) {
        return numberOf(record, this.list.records);
    }

    labelOf(record) {
        const kind = record.data.kind_id?.display_name || _t("no kind yet");
        return _t("Finding %(number)s: %(kind)s", {
            number: this.numberOf(record),
            kind,
        });
    }

    styleOf({x, y}) {
        return `left: ${x}%; top: ${y}%;`;
    }

    onTap(side, ev) {
        const box = ev.currentTarget.getBoundingClientRect();
        this.mark(
            side,
            ((ev.clientX - box.left) / box.width) * 100,
            ((ev.clientY - box.top) / box.height) * 100
        );
    }

    onKey(side, ev) {
        if (ev.target !== ev.currentTarget) {
            return;
        }
        const arrow = ARROWS[ev.key];
        if (arrow) {
            ev.preventDefault();
            this.cross.side = side;
            this.cross.x = Math.min(100, Math.max(0, this.cross.x + arrow[0]));
            this.cross.y = Math.min(100, Math.max(0, this.cross.y + arrow[1]));
        } else if (ev.key === "Enter" || ev.key === " ") {
            ev.preventDefault();
            this.mark(side, this.cross.x, this.cross.y);
        }
    }

    showCross(side) {
        this.cross.side = side;
    }

    mark(side, x, y) {
        if (!this.canCreate) {
            return;
        }
        const rounded = (value) => Math.round(value * 10) / 10;
        this.onAdd({
            context: {
                default_side: side,
                default_x: rounded(x),
                default_y: rounded(y),
            },
        });
    }
}

registry.category("fields").add("osc_body_map", {
    ...x2ManyField,
    component: BodyMap,
    displayName: _t("Body map"),
    supportedTypes: ["one2many"],
});
