import { redirect } from '@sveltejs/kit';

/** Password managers look here for the page that changes a password. */
export const GET = () => redirect(302, '/security/password');
