import adapter from '@sveltejs/adapter-node';

/** @type {import('@sveltejs/kit').Config} */
export default {
	compilerOptions: { runes: true },
	kit: {
		adapter: adapter({ precompress: true, out: process.env.BUILD_FOLDER ?? 'build/unnamed' }),
		csp: {
			// Pages have no script of their own to allow, and so nothing to draw a nonce for at every request.
			mode: 'hash',
			directives: {
				'default-src': ['none'],
				'script-src': ['self'],
				'style-src': ['self'],
				'img-src': ['self', 'data:'],
				'font-src': ['self'],
				'connect-src': ['self'],
				'manifest-src': ['self'],
				'form-action': ['self'],
				'base-uri': ['none'],
				'object-src': ['none'],
				'frame-ancestors': ['none']
			}
		},
		// The framework's check refuses one-click unsubscribe and gateways; `hooks.server.ts` has a stricter one.
		csrf: { trustedOrigins: ['*'] },
		output: { preloadStrategy: 'modulepreload' },
		typescript: {
			config: (config) => ({
				...config,
				// A pattern does not look into folders that begin with a dot.
				include: [...config.include, '../src/routes/.well-known/**/*.ts', '../src/**/*.js', '../*.config.js']
			})
		}
	}
};
