import { checkShape, disclosureShape, disclosures } from '$lib/server/intake/intake';
import { write, type Answer } from '../endpoint';
import { notAllowed } from '../problem';

async function* oneLine(value: unknown) {
	yield { line: 1, value };
}

export const POST = write(
	{ scope: 'disclosures:write' },
	async ({ ctx, token, body, run }): Promise<Answer> => {
		const checked = checkShape(disclosureShape, body);
		if (!('input' in checked)) return checked;
		const { partner, purpose } = checked.input;
		for await (const outcome of disclosures(ctx, oneLine(checked.input), { run: `${token.id} ${run}` })) {
			if ('refused' in outcome) return outcome;
			const { done, row, partly = [] } = outcome;
			return { status: done === 'added' ? 201 : 200, body: { ...row, partner, purpose, refused: partly } };
		}
		return { refused: 'wrong' };
	}
);

export const fallback = notAllowed('POST');
