import { error } from '@sveltejs/kit';
import * as consents from '$lib/server/consents/consents';

const types: Record<string, string> = {
	json: 'application/json; charset=utf-8',
	txt: 'text/plain; charset=utf-8',
	jws: 'application/jose'
};

async function contentOf({ ctx, translation }: App.Locals, receipt: consents.Receipt, form: string) {
	if (form === 'json') return `${JSON.stringify(receipt, null, '\t')}\n`;
	if (form === 'jws') return `${await consents.signedReceipt(ctx, receipt)}\n`;
	return consents.receiptText(receipt, translation.timeZone);
}

/** What the person keeps of a decision; of nobody else's. */
export const GET = async ({ locals, params: { id, form } }) => {
	const { ctx, person } = locals;
	const type = types[form];
	const decision = type && (await consents.find(ctx, person.id, id));
	if (!type || !decision) error(404, { message: 'There is no such receipt.', code: 'not-found' });
	const receipt = await consents.receiptOf(ctx, person.id, decision);
	return new Response(await contentOf(locals, receipt, form), {
		headers: {
			'Content-Type': type,
			'Content-Disposition': `attachment; filename="receipt-${decision.id}.${form}"`,
			'X-Content-Type-Options': 'nosniff'
		}
	});
};
