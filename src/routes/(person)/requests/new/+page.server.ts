import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { readFormWithFiles } from '$lib/forms/read-form';
import * as requests from '$lib/server/requests/requests';
import { atOnce } from '../look';
import { subjectsOf } from '../subjects';

const ask = z.enum(requests.asks);
const newRequest = z.object({
	kind: z.enum(requests.kinds as [requests.Kind, ...requests.Kind[]]),
	subject: z.string().max(100).optional(),
	asks: z.union([ask, z.array(ask).max(requests.asks.length)]).optional(),
	text: z.string().default('')
});

type Given = z.output<typeof newRequest>;

/** What an answer is due by, whichever of these is asked: the latest day is promised before anything was chosen. */
function lastDay({ ctx, person }: App.Locals, kinds: readonly requests.Kind[]): string {
	const receivedAt = ctx.clock.now();
	return kinds
		.map((kind) => requests.dueFor(ctx, person, { kind, receivedAt }).dueAt.toISOString())
		.sort()
		.at(-1) as string;
}

export const load = ({ locals, url }) => {
	const { ctx, person, translation } = locals;
	const kinds = requests.kindsFor(ctx, person);
	const kind = kinds.find((known) => known === url.searchParams.get('kind'));
	const field = url.searchParams.get('field') ?? '';
	const record = url.searchParams.get('record') ?? '';
	const chosen = kind ?? (field ? 'correction' : undefined);
	return {
		kinds,
		kind: chosen,
		asks: requests.asks,
		subjects: subjectsOf(locals),
		subject: requests.subjectOf(ctx, person.role, field) ? field : '',
		text: /^[A-Za-z0-9._~:-]{1,100}$/.test(record)
			? `${translation.t('requests:new.about-record', { id: record })}\n`
			: '',
		fees: kinds.flatMap((kind) => {
			const fee = requests.feeFor(ctx, person, kind);
			return fee
				? [{ kind, amount: fee.amount, currency: fee.currency, why: translation.text(fee.why) }]
				: [];
		}),
		limits: requests.attachmentLimits,
		longestText: requests.longestText,
		dueAt: lastDay(locals, chosen ? [chosen] : kinds)
	};
};

const openingOf = ({ kind, subject, asks = [], text }: Given, files: requests.File[]): requests.Opening => ({
	kind,
	subject: kind === 'correction' ? subject : null,
	asks: kind === 'access' ? [asks].flat() : [],
	text,
	files
});

/** Where the portal does it at once the person comes straight to where it is done. */
async function send({ ctx, person }: App.Locals, opening: requests.Opening) {
	const now = requests.doneNow.find((kind) => kind === opening.kind);
	return now
		? requests.openAndDo(ctx, person, { ...opening, kind: now })
		: requests.open(ctx, person, opening);
}

export const actions = {
	default: async ({ request, locals }) => {
		const form = await readFormWithFiles(request, newRequest, 'files');
		if (form.problems) return fail(400, { problems: form.problems, typed: form.typed });
		const { kind, subject, text } = form.values;
		const typed = { kind, subject: subject ?? '', text };
		if (!requests.kindsFor(locals.ctx, locals.person).includes(kind))
			return fail(400, { problems: { kind: { code: 'wrong' } }, typed });
		const outcome = await send(locals, openingOf(form.values, form.files));
		if ('problems' in outcome) return fail(400, { problems: outcome.problems, typed });
		if ('refused' in outcome)
			return fail(outcome.refused === 'too-many-tries' ? 429 : 400, { ...outcome, typed });

		const done = requests.doneNow.some((now) => now === kind) ? 'done' : 'opened';
		redirect(303, `/requests/${outcome.id}?done=${done}${atOnce[kind] ? '#now' : ''}`);
	}
};
