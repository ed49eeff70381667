// Builds the threads: one file each, so that starting one does not read and translate the portal's sources.
import { join } from 'node:path';
import { defineConfig } from 'vite';

/**
 * All packages go into the build, so that a start reads a few files instead of some thousand; but what is compiled for a machine
 * stays where it is installed, and so does what looks for itself in its folder.
 */
export const bundled = {
	noExternal: true as const,
	external: ['@node-rs/argon2', 'better-sqlite3', 'mysql2', 'pg', 'pg-cursor']
};

export default defineConfig({
	publicDir: false,
	ssr: bundled,
	build: {
		ssr: true,
		outDir: join(process.env.BUILD_FOLDER ?? 'build/unnamed', 'threads'),
		target: 'node22',
		minify: false,
		rollupOptions: {
			// A package of which nothing is used is not loaded either.
			treeshake: { moduleSideEffects: 'no-external' },
			input: [
				'src/build-exports.ts',
				'src/lib/server/exports/open-pages.ts',
				'src/lib/server/platform/sources/sql/sqlite-process.ts'
			],
			output: { entryFileNames: '[name].js' }
		}
	}
});
