import { attachmentAnswer } from '../../../../../attachment';

export const GET = ({ locals: { ctx, person }, params }) =>
	attachmentAnswer(ctx, person.id, params.id, params.attachment);
