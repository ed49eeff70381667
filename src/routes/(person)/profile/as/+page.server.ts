import { redirect } from '@sveltejs/kit';
import * as visibility from '$lib/server/visibility/visibility';

export const load = async ({ locals: { ctx, person }, url }) => {
	const viewer = visibility.viewers.find((one) => one === url.searchParams.get('viewer'));
	if (!viewer) redirect(303, '/profile/as?viewer=members');
	return {
		viewer,
		viewers: visibility.viewers,
		shown: viewer === 'owner' || visibility.isShown(person),
		fields: await visibility.seenBy(ctx, person, viewer)
	};
};
