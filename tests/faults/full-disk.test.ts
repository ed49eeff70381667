// The disk is full: no file of the process may grow beyond a limit (RLIMIT_FSIZE). It needs a build.
import Database from 'better-sqlite3';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { mailboxOf } from '../support/mailbox.ts';
import { startPortal } from '../support/running-portal.ts';
import { signedIn, visitorOf, type Visitor } from '../support/visitor.ts';

const marketing =
	/type="checkbox"[^>]*name="([a-z]+\.[a-z-]+)"|name="([a-z]+\.[a-z-]+)"[^>]*type="checkbox"/g;

/** Allows everything or nothing, in turn, until the portal can keep no more; answers what was kept last. */
async function fill(visitor: Visitor): Promise<{ kept: number; refused: { status: number; text: string } }> {
	const page = await visitor.get('/messages');
	const names = [...page.text.matchAll(marketing)].map(([, before, after]) => before ?? after ?? '');
	expect(names.length).toBeGreaterThan(0);
	for (let round = 0; round < 400; round += 1) {
		const chosen = round % 2 ? names.map((name) => [name, 'on']) : [];
		const answer = await visitor.post('/messages', Object.fromEntries([['intent', 'save'], ...chosen]));
		if (answer.status >= 500) return { kept: round, refused: answer };
		expect([303, 400]).toContain(answer.status);
	}
	throw new Error('the disk did not fill up');
}

test('a person whose change cannot be kept is told so; what was kept before is there when there is room again', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'candor-full-'));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	await (await startPortal()).stop(join(folder, 'before'));
	const kilobytes = Math.ceil(statSync(join(folder, 'before/portal.db')).size / 1_024) + 100;

	const full = await startPortal({ from: join(folder, 'before'), largestFileKilobytes: kilobytes });
	const visitor = await signedIn(full, 'minjun');
	const { kept, refused } = await fill(visitor);
	expect(kept).toBeGreaterThan(0);
	expect(refused.text).toContain('lang="ko"');
	expect(refused.text).not.toMatch(/SQLITE|node_modules|at async/);
	expect((await visitorOf(full).get('/health/live')).status).toBe(200);
	const history = async (of: Visitor) => (await of.get('/activity')).text.match(/<li/g)?.length;
	const seen = await history(visitor);
	await full.stop(join(folder, 'after'));

	const database = new Database(join(folder, 'after/portal.db'));
	expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
	database.close();
	const roomy = await startPortal({ from: join(folder, 'after') });
	onTestFinished(() => roomy.stop());
	const again = await signedIn(roomy, 'minjun');
	expect(await history(again)).toBeGreaterThanOrEqual(seen ?? 0);
	expect((await again.post('/messages', { intent: 'stop' })).status).toBe(303);
	await visitorOf(roomy).post('/recover', { identifier: 'minjun@example.com' });
	expect(await mailboxOf(roomy).code('minjun@example.com')).toMatch(/^\d{6}$/);
}, 180_000);
