// Every route stands under a rule of src/lib/server/guards.ts; what is personal needs a person.
import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { projectFolder } from '../../src/lib/server/platform/project-folder.ts';
import { guardOf } from '../../src/lib/server/guards.ts';

const routes = join(projectFolder, 'src/routes');
const routeFile = /^\+(page|server|page\.server)\.(svelte|ts)$/;

/** Ids as SvelteKit has them: `/(person)/data/[category]`, with encoded signs written out. */
const routeIds = [
	...new Set(
		readdirSync(routes, { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile() && routeFile.test(entry.name))
			.map(({ parentPath }) => `/${relative(routes, parentPath)}`)
	)
];

test('there are routes to look at', () => {
	expect(routeIds.length).toBeGreaterThan(20);
	expect(routeIds.map((id) => dirname(id))).toContain('/(person)');
});

test.each(routeIds)('%s has a rule', (id) => {
	expect(guardOf(id)).toBeDefined();
});

test.each(routeIds.filter((id) => id.startsWith('/(person)')))('%s needs a signed-in person', (id) => {
	expect(guardOf(id)).toMatchObject({ person: true, session: true, crossSite: 'refused' });
});

test.each(routeIds.filter((id) => id.startsWith('/(staff)')))(
	'%s needs a signed-in member of staff, but for coming and going, and never reads the cookie of a person',
	(id) => {
		const door = /^\/\(staff\)\/staff\/sign-(in|out)$/.test(id);
		expect(guardOf(id)).toEqual({
			session: false,
			person: false,
			staff: door ? 'reads' : 'needs',
			crossSite: 'refused'
		});
	}
);

test.each(routeIds.filter((id) => !id.startsWith('/(staff)')))('%s never reads the cookie of staff', (id) => {
	expect(guardOf(id)?.staff).toBeUndefined();
});

test.each(routeIds.filter((id) => guardOf(id)?.crossSite === 'allowed'))(
	'%s, which machines post to, never reads a cookie',
	(id) => {
		expect(guardOf(id)).toMatchObject({ person: false, session: false });
	}
);

test('a route group without a rule is reachable by nobody', () => {
	expect(guardOf('/(new)/page')).toBeUndefined();
	expect(guardOf('/(personal)')).toBeUndefined();
});
