// What `candor verify audit` says of what it found.
import * as audit from '../lib/server/audit/audit.ts';
import type { Context } from '../lib/server/context.ts';
import { progressOf } from './progress.ts';

const kept = { database: 'the database', file: 'the file outside the database' };

function sentenceOf(finding: audit.Finding): string {
	switch (finding.found) {
		case 'leaf-missing':
			return `Place ${finding.position} of the tree is empty: a leaf was dropped. What follows cannot be checked.`;
		case 'node-wrong':
			return `Hash ${finding.number} of level ${finding.level} of the tree is lost or wrong.`;
		case 'head-forged':
			return `The head of ${finding.size} leaves in ${kept[finding.place]} does not say what the portal signed.`;
		case 'head-differs':
			return `The portal once signed other first ${finding.size} leaves than there are now (${kept[finding.place]}).`;
		case 'tree-cut':
			return `The portal once signed a tree of ${finding.size} leaves (${kept[finding.place]}); now there are ${finding.leaves}. The end was cut, or an older backup was restored.`;
		case 'event-changed':
			return `Event ${finding.number} of ${finding.personId} was changed after it was written.`;
		case 'event-missing':
			return `Event ${finding.number} of ${finding.personId} is missing.`;
		case 'leaf-differs':
			return `Event ${finding.number} of ${finding.personId} is not what stands at its place ${finding.position} of the tree.`;
		case 'chain-cut':
			return `The chain of ${finding.personId} does not end where it ended.`;
		case 'events-gone':
			return `${finding.leaves} leaves of the tree have an owner, and there are ${finding.events} such events: some went without an erasure.`;
	}
}

/** Verifies the whole; the sentences of what is in order and of what is not. */
export async function verifyAudit(ctx: Context, heads: string | undefined) {
	const progress = progressOf(0);
	const result = await audit.verify(ctx, heads, (done, what) => progress.show(done, `${done} ${what}`));
	progress.end();
	const says = [
		`${result.leaves} leaves in the tree, ${result.events} events of ${result.people} people in their chains.`,
		`${result.heads.database} signed heads in the database, ${result.heads.file} in the file outside it.`
	];
	if (result.heads.file === 0 && result.heads.database > 0)
		says.push('No head was found outside the database: a past written anew would not show (--heads <file>).');
	if (result.beingErased > 0) says.push(`${result.beingErased} people are being erased and were left out.`);
	if (result.found === 0) says.push('Nothing was changed, dropped, moved or cut.');
	const more = result.found - result.findings.length;
	const problems = [...result.findings.map(sentenceOf), ...(more > 0 ? [`And ${more} more.`] : [])];
	return { result, says, problems };
}
