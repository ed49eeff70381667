import { openApi } from '../openapi';
import { answerJson, notAllowed } from '../problem';

export const GET = ({ locals }: { locals: App.Locals }): Response =>
	answerJson(200, openApi(locals.ctx.settings.origin));

export const fallback = notAllowed('GET');
