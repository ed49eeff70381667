// The library's base class for stores is not in its types.
declare module 'rate-limiter-flexible/lib/RateLimiterStoreAbstract.js' {
	import { RateLimiterAbstract, type RateLimiterRes, type IRateLimiterOptions } from 'rate-limiter-flexible';

	export default class RateLimiterStoreAbstract extends RateLimiterAbstract {
		constructor(options: IRateLimiterOptions);
		consume(key: string): Promise<RateLimiterRes>;
		get(key: string): Promise<RateLimiterRes | null>;
		delete(key: string): Promise<boolean>;
	}
}
