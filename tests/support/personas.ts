// The demonstration's people, and their two ways in: through the page, as a person goes, and by the same post without it.
import { expect, type Page } from '@playwright/test';

/** CONTRACT §1: everybody in the demonstration has this password. */
export const password = 'demonstration-only';

export type PersonaName =
	// Classting
	| 'minjun'
	| 'seoyeon'
	| 'teacher-kim'
	| 'parent-park'
	| 'officer-yoo'
	| 'agent-choi'
	// Classerium
	| 'alice'
	| 'omar'
	| 'carla'
	| 'officer-lee';

export const emailOf = (name: PersonaName): string => `${name}@example.com`;

/** Signs in and waits for the page asked for (`next`), which is the overview unless said otherwise. */
export async function signIn(page: Page, name: PersonaName, next = '/'): Promise<void> {
	await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
	await page.locator('input[name="identifier"]').fill(name);
	await page.locator('input[name="password"]').fill(password);
	await submit(page);
	await expect(page).not.toHaveURL(/\/sign-in/);
}

/** Posts what the form posts and opens `next`: for tests that are about what comes after. */
export async function letIn(page: Page, origin: string, name: PersonaName, next = '/'): Promise<void> {
	const answer = await page.request.post('/sign-in', {
		form: { identifier: name, password },
		headers: { Origin: origin, Accept: 'text/html' },
		maxRedirects: 0
	});
	expect(answer.status(), `${name} is let in`).toBe(303);
	await page.goto(next);
}

/** The step-up form of sensitive pages asks for the password alone. */
export async function proveItIsMe(page: Page): Promise<void> {
	await page.locator('input[name="password"]').fill(password);
	await submit(page);
}

/** Sends the form that the password stands in, whatever its button is called in the language of the page. */
const submit = (page: Page) =>
	page.locator('form:has(input[name="password"]) [type="submit"]').first().click();
