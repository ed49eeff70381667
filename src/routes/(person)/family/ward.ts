// The child of a page below /family, for whoever may act for it; to everybody else there is no such page.
import { error } from '@sveltejs/kit';
import type { Person } from '$lib/server/accounts/accounts';
import * as families from '$lib/server/families/families';
import * as profile from '$lib/server/profile/profile';

export async function wardOf({ ctx, person }: App.Locals, childId: string): Promise<families.Ward> {
	const ward = await families.wardOf(ctx, person, childId);
	if (!ward) error(404, { message: 'There is no such child.', code: 'not-found' });
	return ward;
}

/** Of pages that are a guardian's alone: a school has nothing to do there. */
export async function guardedWard(locals: App.Locals, childId: string): Promise<families.Ward> {
	const ward = await wardOf(locals, childId);
	if (ward.capacity !== 'guardian') error(404, { message: 'There is no such page.', code: 'not-found' });
	return ward;
}

/** How the child is called, as its profile says it. */
export async function nameOf({ ctx, translation: { t } }: App.Locals, child: Person): Promise<string> {
	const name = (await profile.values(ctx, child)).get('name')?.value;
	return typeof name === 'string' && name ? name : t('family:number', { number: child.externalId });
}

export const doneOf = ({ translation: { has } }: App.Locals, url: URL): string | undefined => {
	const done = url.searchParams.get('done');
	return done && has(`family:done.${done}`) ? done : undefined;
};
