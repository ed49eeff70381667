// What a person finds in their activity of what was passed on and what was refused: one line for what came at once.
import type { Happened } from '../audit/audit.ts';
import type { NewDisclosure } from './disclosures.ts';
import type { FieldRefusal } from './gate.ts';
import type { Standing } from './standing.ts';
import type { Writing, Written } from './writing.ts';

/** A disclosure that was asked for of somebody who is there. */
export interface Tried {
	standing: Standing;
	disclosure: NewDisclosure;
	/** Told afterwards, it is no attempt to pass something on. */
	asksNow: boolean;
	refused: FieldRefusal[];
	writing?: Writing;
}

const longestName = 40;

export function happenedOf(tried: readonly Tried[], written: ReadonlyMap<Writing, Written>): Happened[] {
	const lines = new Map<string, Happened & { details: { partner: string; count: number } }>();
	const add = ({ personId, key }: Standing, kind: string, partner: string, because?: string) => {
		const name = `${personId} ${kind} ${partner} ${because ?? ''}`;
		const line = lines.get(name);
		if (line) line.details.count += 1;
		else
			lines.set(name, {
				personId,
				key,
				kind,
				details: { partner: partner.slice(0, longestName), ...(because && { because }), count: 1 }
			});
	};
	for (const { standing, disclosure, asksNow, refused, writing } of tried) {
		if (!asksNow) continue;
		const outcome = writing && written.get(writing)?.outcome;
		if (outcome?.added) add(standing, 'disclosure-released', disclosure.partner);
		// The same transfer again was answered before, and what it was refused stands there already.
		const [first] = refused;
		if (first && (!outcome || outcome.added))
			add(standing, 'disclosure-refused', disclosure.partner, first.code);
	}
	return [...lines.values()];
}
