import { records } from '$lib/server/intake/intake';
import { batch } from '../batch';
import { notAllowed } from '../problem';

export const POST = batch('records:write', records);

export const fallback = notAllowed('POST');
