import { expect, test } from 'vitest';
import { bob, somebody } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import * as disclosures from '../disclosures/disclosures.ts';
import * as requests from './requests.ts';

const portal = portalForTest({ description: 'examples/classerium' });

test('Carla reads who got what for their own marketing last year, and nothing of other years, partners or people', async () => {
	const ctx = portal.as();
	const carla = await somebody(ctx, { country: 'US', region: 'CA', timeZone: 'America/Los_Angeles' });
	const other = await bob(ctx);
	const partnerOf = (id: string) => ctx.organisation.partners.find((partner) => partner.id === id);
	const give = async (personId: string, id: string, at: string) => {
		const partner = partnerOf(id);
		const category = partner?.fields[0]?.category as string;
		const field = ctx.organisation.categories.find((one) => one.id === category)?.fields[0]?.id as string;
		const given = {
			partner: id,
			purpose: partner?.purpose as string,
			fields: [`${category}.${field}`],
			at: new Date(at),
			key: at
		};
		const [outcome] = await disclosures.release(ctx, personId, [given]);
		expect(outcome).toMatchObject({ recorded: 'afterwards' });
		return category;
	};
	// The first and the last instant of the year where she lives, and one on either side.
	const category = await give(carla.id, 'google-advertising', '2025-01-01T08:00:00.000Z');
	await give(carla.id, 'google-advertising', '2026-01-01T07:59:59.999Z');
	await give(carla.id, 'twitter-marketing', '2025-06-01T12:00:00.000Z');
	await give(carla.id, 'google-advertising', '2025-01-01T07:59:59.999Z');
	await give(carla.id, 'google-advertising', '2026-01-01T08:00:00.000Z');
	await give(carla.id, 'stripe', '2025-06-01T12:00:00.000Z');
	await give(other.id, 'facebook-advertising', '2025-06-01T12:00:00.000Z');

	const report = await requests.californiaDisclosure(ctx, carla, '2026-11-22T09:00:00.000Z');
	expect(report.year).toBe(2025);
	expect(report.partners.map(({ partner, disclosures }) => [partner.name, disclosures])).toEqual([
		['Google DFP', 2],
		['Twitter', 1]
	]);
	expect(report.partners[0]?.partner.address).toContain('Mountain View');
	expect(report.categories).toEqual([{ category, disclosures: 3 }]);
});

test('whoever lives elsewhere is not offered it', () => {
	const ctx = portal.as();
	const kinds = (country: string, region: string | null) => requests.kindsFor(ctx, { country, region });
	expect(kinds('US', 'CA')).toContain('california-disclosure');
	expect(kinds('US', 'NY')).not.toContain('california-disclosure');
	expect(kinds('ES', null)).not.toContain('california-disclosure');
});
