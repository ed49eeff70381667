// What the gate has to know of a person: gathered once for all that is asked about them at a time.
import type { KeyObject } from 'node:crypto';
import * as consents from '../consents/consents.ts';
import type { Context } from '../context.ts';
import * as corrections from '../corrections/corrections.ts';
import { keptIn } from '../families/standing.ts';
import * as objections from '../objections/objections.ts';
import { partnerOf } from '../organisation/lookup.ts';
import type { PersonState } from '../schema.ts';
import { selectPeople } from './queries.ts';

export interface Standing {
	personId: string;
	key: KeyObject;
	role: string;
	state: PersonState;
	pausedAt: string | null;
	/** Codes `category.field` under correction. */
	restricted: ReadonlySet<string>;
	/** Purposes that the person objected to or switched off. */
	objected: ReadonlySet<string>;
	/** A child whose guardian agreed to the use of the service and not to passing on. */
	keptIn?: boolean;
	/** What they decided about a partner; undefined where they never did. */
	agreement(partner: string): consents.Agreement | undefined;
}

/** Where people stand, by id; within a transaction that holds them, so that nothing of it changes before the row is written. */
export async function standingsOf(
	ctx: Context,
	keys: ReadonlyMap<string, KeyObject>,
	partners: readonly string[]
): Promise<Map<string, Standing>> {
	const ids = [...keys.keys()];
	const rows = await selectPeople(ctx, JSON.stringify(ids));
	const people = new Map(
		rows.map((row) => {
			const { personId: id, role } = row;
			return [id, { ...row, id, role, key: keys.get(id) as KeyObject }];
		})
	);
	const byConsent = partners.filter((id) => partnerOf(ctx.organisation, id)?.consent);
	const agreements = await consents.agreementsOf(ctx, people, byConsent);
	const restricted = await corrections.restrictedOf(ctx, ids);
	const objected = await objections.ofMany(ctx, ids);
	const children = await keptIn(ctx, ids);
	const standings = new Map<string, Standing>();
	for (const [personId, { key, role, state, pausedAt }] of people)
		standings.set(personId, {
			personId,
			key,
			role,
			state,
			pausedAt,
			restricted: restricted.get(personId) ?? none,
			objected: objected.get(personId) ?? none,
			keptIn: children.has(personId),
			agreement: (partner) => agreements.get(`${personId} ${partner}`)
		});
	return standings;
}

const none: ReadonlySet<string> = new Set();
