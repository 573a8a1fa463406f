import {download} from "@web/core/network/download";
import {getReportUrl} from "@web/webclient/actions/reports/utils";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";

/**
 * Reports that are made with WeasyPrint are downloaded at once: whether Odoo's own engine
 * is installed on the server doesn't matter for them.
 *
 * @param {Object} action the report action
 * @param {Object} options unused
 * @param {Object} env the environment of the web client
 * @returns {Promise<Boolean>} whether the report was handled here
 */
async function downloadWithWeasyprint(action, options, env) {
    if (action.report_type !== "qweb-pdf" || action.pdf_engine !== "weasyprint") {
        return false;
    }
    env.services.ui.block();
    try {
        await download({
            url: "/report/download",
            data: {
                data: JSON.stringify([getReportUrl(action, "pdf"), action.report_type]),
                context: JSON.stringify({...user.context, ...action.context}),
            },
        });
    } finally {
        env.services.ui.unblock();
    }
    return true;
}

registry
    .category("ir.actions.report handlers")
    .add("osc_base.weasyprint", downloadWithWeasyprint);
