import { globSync, readFileSync } from 'node:fs';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';
import { bundled } from './src/vite-threads.config.ts';

/** What opens no database is tested once; so is what starts processes that behave alike with either engine. */
const aliveAlike = /^tests\/faults\/(front|headers|lost-database|full-disk)\.test\.ts$/;
const openers =
	/support\/(portal-for-test|outside-portal-for-test|databases|empty-databases|copied-databases|running-portal|operator)|TEST_ENGINE/;
const tests = globSync('{src,tests}/**/*.test.ts', { cwd: import.meta.dirname });
const once = tests.filter((file) => aliveAlike.test(file) || !openers.test(readFileSync(file, 'utf8')));

const engine = (name: 'sqlite' | 'postgres') => ({
	extends: true as const,
	test: {
		name,
		environment: 'node',
		include: ['src/**/*.test.ts', 'tests/architecture/**/*.test.ts', 'tests/faults/**/*.test.ts'],
		exclude: name === 'postgres' ? once : [],
		env: { CANDOR_TEST_ENGINE: name },
		globalSetup: name === 'postgres' ? ['tests/support/postgres.ts'] : [],
		testTimeout: 30_000,
		hookTimeout: 60_000
	}
});

export default defineConfig({
	plugins: [sveltekit()],
	// While tests run, and in development, packages are loaded as they are.
	...(process.env.BUILD_FOLDER && { ssr: bundled }),
	test: {
		// One more than the cores of a small machine: many tests wait for processes that they start and kill.
		maxWorkers: 3,
		// What a test opens is its own: loading every module anew for each file would take a quarter of the time.
		isolate: false,
		projects: [engine('sqlite'), engine('postgres')]
	}
});
