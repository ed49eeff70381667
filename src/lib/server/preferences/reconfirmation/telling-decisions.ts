// Promise: who said yes or no to marketing reads what was written down and that it was done, at most one message a day (Korea, Network Act Art. 50(7)).
import { find, type Person } from '../../accounts/people.ts';
import * as audit from '../../audit/audit.ts';
import type { Context } from '../../context.ts';
import * as delivery from '../../delivery/delivery.ts';
import { after, instant } from '../../platform/clock.ts';
import { transaction } from '../../platform/database/transaction.ts';
import type { WorkKind } from '../../platform/work/work.ts';
import { everyTopic } from '../ledger.ts';
import type { ChangeRow } from '../queries.ts';
import { eachDue } from './each.ts';
import { decisionLines } from './lines.ts';
import { selectDecisionsFrom, selectNotice, updateNotice } from './queries.ts';
import { covers, type Rule } from './watching.ts';

/** The answer to a text message has said so already. */
const smsAnswers = ['sms-stopped', 'sms-topic-stopped', 'sms-started'] as const;

/** A stop of everything by a way says it for each choice that it turned off. */
function withoutRepeated(changes: readonly ChangeRow[]): ChangeRow[] {
	const sets = new Set(changes.filter(({ topic }) => topic === everyTopic).map(({ changeSet }) => changeSet));
	return changes.filter(({ topic, changeSet }) => topic === everyTopic || !sets.has(changeSet));
}

async function untold(ctx: Context, rule: Rule, personId: string, fromId: string): Promise<ChangeRow[]> {
	const decided = (await selectDecisionsFrom(ctx, personId, fromId)).filter(
		({ topic }) => topic === everyTopic || covers(ctx.organisation, rule, topic)
	);
	const told = new Set<string>();
	for (const { id, origin, at } of decided)
		if (origin === 'sms' && (await delivery.wroteSince(ctx, personId, smsAnswers, at))) told.add(id);
	return withoutRepeated(decided).filter(({ id }) => !told.has(id));
}

async function write(ctx: Context, person: Person, decided: readonly ChangeRow[], fromId: string) {
	await audit.record(ctx, person.id, 'decisions-told', { count: decided.length });
	await delivery.send(ctx, person.id, {
		template: 'decisions-told',
		values: { choices: decisionLines(ctx, person, decided) },
		key: `decisions ${fromId}`
	});
}

const tell = (ctx: Context, personId: string): Promise<void> =>
	transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, personId))) return;
		const row = await selectNotice(ctx, personId);
		const { reconfirmation: rule } = ctx.organisation;
		const person = await find(ctx, personId);
		if (!row || !person) return;
		const { fromId, writtenAt } = row;
		const nextDay = writtenAt && instant(after(new Date(writtenAt), 1, 'days'));
		const now = instant(ctx.clock.now());
		if (nextDay && now < nextDay) return void (await updateNotice(ctx, personId, { nextAttemptAt: nextDay }));
		const isTold = rule?.tellsDecisions && rule.countries.includes(person.country);
		const decided = isTold && fromId ? await untold(ctx, rule, personId, fromId) : [];
		if (decided.length && fromId) await write(ctx, person, decided, fromId);
		const at = decided.length ? now : writtenAt;
		await updateNotice(ctx, personId, { fromId: null, writtenAt: at, nextAttemptAt: null });
	});

export const decisionWork: WorkKind<Context> = {
	name: 'decisions',
	everyMilliseconds: 10_000,
	run: (ctx) => eachDue(ctx, 'decision_notice', (personId) => tell(ctx, personId))
};
