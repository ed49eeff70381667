import { evidenceAnswer } from '../../evidence-answer';

/** A paper on the person's own file. */
export const GET = ({ locals: { ctx, person }, params }) => evidenceAnswer(ctx, person.id, params.id);
