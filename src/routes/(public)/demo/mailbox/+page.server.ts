import { error, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { readForm } from '$lib/forms/read-form';
import * as delivery from '$lib/server/delivery/delivery';
import { topicOf } from '$lib/server/organisation/lookup';
import * as preferences from '$lib/server/preferences/preferences';

const pageSize = 20;

const shownInDemonstration = ({ ctx }: App.Locals) => {
	if (!ctx.settings.demonstration) error(404, { message: 'not-found', code: 'not-found' });
};

export const load = async ({ locals, url }) => {
	shownInDemonstration(locals);
	const to = (url.searchParams.get('to') ?? '').trim().slice(0, 254);
	const before = (url.searchParams.get('before') ?? '').slice(0, 36);
	const messages = await delivery.sentMessages(locals.ctx, { to, before, limit: pageSize + 1 });
	const topics = locals.visitor
		? (await preferences.grid(locals.ctx, locals.visitor)).map(({ topic }) => topic)
		: [];
	return {
		messages: messages.slice(0, pageSize).map(({ html, headers, ...message }) => message),
		older: messages.length > pageSize ? messages[pageSize - 1]?.id : undefined,
		to,
		paged: before !== '',
		samples: topics.filter(({ essential, channels }) => !essential && channels.includes('email')),
		sent: url.searchParams.get('sent')
	};
};

export const actions = {
	/** A sample about a topic to whoever is signed in, if they may be written to: shows the way out at its foot, and that it works. */
	default: async ({ request, locals }) => {
		shownInDemonstration(locals);
		const { ctx, visitor } = locals;
		const form = await readForm(request, z.object({ topic: z.string().max(100) }));
		const topic = topicOf(ctx.organisation, form.problems ? '' : form.values.topic);
		if (!visitor || !topic || topic.essential) error(400, { message: 'wrong', code: 'wrong' });
		const { allowed, because } = await preferences.mayContact(ctx, visitor, 'email', topic.id);
		if (!allowed) redirect(303, `/demo/mailbox?sent=${because}`);
		const unsubscribeUrl = preferences.makeUnsubscribeUrl(ctx, visitor, 'email', topic.id);
		const values = { topic: topic.label[visitor.language] ?? topic.id };
		const outcome = await delivery.send(ctx, visitor.id, {
			template: 'topic-sample',
			channel: 'email',
			topic: topic.id,
			values,
			unsubscribeUrl
		});
		redirect(303, `/demo/mailbox?sent=${'refused' in outcome ? outcome.refused : 'yes'}`);
	}
};
