// Promise: a key is kept in memory for minutes, and none comes back there that was destroyed while it was being read.
import type { KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';

const cacheMinutes = 5;

export interface KeyCache {
	get(personId: string): KeyObject | undefined;
	forget(personId: string): void;
	/** To be asked before a key is read; answers what keeps it, unless anybody was forgotten meanwhile. */
	reading(): (personId: string, key: KeyObject) => void;
}

export function openCache(): KeyCache {
	const cache = new LRUCache<string, KeyObject>({ max: 20_000, ttl: cacheMinutes * 60_000 });
	let forgotten = 0;
	return {
		get: (personId) => cache.get(personId),
		forget: (personId) => {
			forgotten += 1;
			cache.delete(personId);
		},
		reading: () => {
			const since = forgotten;
			return (personId, key) => {
				if (since === forgotten) cache.set(personId, key);
			};
		}
	};
}
