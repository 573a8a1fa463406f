import {Composer} from "@mail/core/common/composer";
import {browser} from "@web/core/browser/browser";
import {patch} from "@web/core/utils/patch";
import {toRaw} from "@odoo/owl";

/**
 * What somebody has begun to write and not sent stays in the window, not on the disk of
 * the computer, where Odoo would keep it until it is sent.
 */
patch(Composer.prototype, {
    saveContent() {
        const composer = toRaw(this.props.composer);
        const thread = composer.thread || composer.message?.thread;
        if (!thread?.model?.startsWith("osc.")) {
            return super.saveContent();
        }
        browser.localStorage.removeItem(composer.localId);
        if (this.state.isFullComposerOpen) {
            this.fullComposerBus.trigger("SAVE_CONTENT", {
                onSaveContent: ({composerHtml, emailAddSignature}) =>
                    Object.assign(composer, {composerHtml, emailAddSignature}),
            });
        }
    },
});
