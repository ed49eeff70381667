import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

/** What no database has a part in is tested once. */
const withoutDatabase = [
	'src/lib/i18n/catalogues.test.ts',
	'tests/architecture/boundaries.test.ts',
	'tests/faults/front.test.ts',
	'tests/faults/headers.test.ts',
	'tests/faults/lost-database.test.ts',
	'tests/faults/full-disk.test.ts'
];

const engine = (name: 'sqlite' | 'postgres') => ({
	extends: true as const,
	test: {
		name,
		environment: 'node',
		include: ['src/**/*.test.ts', 'tests/architecture/**/*.test.ts', 'tests/faults/**/*.test.ts'],
		exclude: name === 'postgres' ? withoutDatabase : [],
		env: { CANDOR_TEST_ENGINE: name },
		globalSetup: name === 'postgres' ? ['tests/support/postgres.ts'] : [],
		testTimeout: 30_000,
		hookTimeout: 60_000
	}
});

export default defineConfig({
	plugins: [sveltekit()],
	test: {
		// Both cores of a small machine; by itself vitest leaves one free.
		maxWorkers: 2,
		projects: [engine('sqlite'), engine('postgres')]
	}
});
