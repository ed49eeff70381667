import { people } from '$lib/server/intake/intake';
import { batch } from '../batch';
import { notAllowed } from '../problem';

export const POST = batch('people:write', people);

export const fallback = notAllowed('POST');
