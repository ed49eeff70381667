// A portal for a test file with what lies outside of it: a shop's database, and a system over HTTP that misbehaves when asked to.
import { afterAll, beforeAll, inject } from 'vitest';
import { engine } from './databases.ts';
import { openShop, outsideOrganisation, type Shop } from './outside-organisation.ts';
import { portalForTest, type PortalForTest } from './portal-for-test.ts';
import { startSourceServer, type SourceServer } from './source-server.ts';

export interface OutsidePortal {
	portal: PortalForTest;
	/** There from the first test on. */
	shop: Shop;
	crm: SourceServer;
}

/** Opened before the first test of the file, removed after the last. */
export function outsidePortal(description = outsideOrganisation()): OutsidePortal {
	const outside = {} as OutsidePortal;
	beforeAll(async () => {
		outside.shop = await openShop(engine, engine === 'postgres' ? inject('postgresUrl') : '');
		outside.crm = await startSourceServer();
	});
	outside.portal = portalForTest({
		description: description.folder,
		further: () => ({ CANDOR_SOURCES: `shop=${outside.shop.url} crm=${outside.crm.address}` })
	});
	afterAll(async () => {
		await outside.crm.close();
		await outside.shop.remove();
		description.remove();
	});
	return outside;
}
