// Promise: what is derived from a key serves one purpose, tells nothing of the key, and cannot be made again without it.
import { createHmac, type KeyObject } from 'node:crypto';

/** 32 bytes for one purpose: HMAC-SHA256 of the purpose's name under the key. */
export const derive = (key: KeyObject, purpose: string): Buffer =>
	createHmac('sha256', key).update(purpose).digest();
