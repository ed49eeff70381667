// Promise: a password may be anything that is long and not everybody's first guess (NIST SP 800-63B-4); why not is said.
import { dictionary } from '@zxcvbn-ts/language-common';

export const leastLength = 15;
export const mostLength = 500;

export type PasswordProblem =
	'password-too-short' | 'password-too-long' | 'password-common' | 'password-pattern' | 'password-own';

const rows = [
	'abcdefghijklmnopqrstuvwxyz',
	'qwertyuiop',
	'asdfghjkl',
	'zxcvbnm',
	'1234567890',
	'ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ',
	'ضصثقفغعهخحجد'
];
const runs = rows.flatMap((row) => [row, [...row].reverse().join('')]);

let common: ReadonlySet<string> | undefined;

/** Some 49,000, looked at when the first password is set. */
const commonPasswords = (): ReadonlySet<string> => (common ??= new Set(dictionary['passwords-common']));

const fold = (text: string): string => text.normalize('NFKC').toLowerCase();

/** The same few characters over and over: "passwordpassword", "aaaaaaaaaaaaaaaa". */
const isRepeated = (text: string): boolean => /^(.{1,10}?)\1+.{0,9}$/u.test(text) && new Set(text).size <= 10;

/** Made of nothing but runs along the keyboard or the alphabet: "qwertyuiop123456". */
function isRun(text: string): boolean {
	let at = 0;
	while (at < text.length) {
		let length = Math.min(10, text.length - at);
		while (length >= 3 && !runs.some((run) => run.includes(text.slice(at, at + length)))) length -= 1;
		if (length < 3) return false;
		at += length;
	}
	return true;
}

/** A common password, one with digits and signs around it, or two of them joined. */
function isCommon(text: string): boolean {
	const list = commonPasswords();
	const core = text.replace(/^[\d\W_]+|[\d\W_]+$/gu, '');
	if (list.has(text) || (core.length >= 4 && list.has(core))) return true;
	for (let cut = 4; cut <= core.length - 4; cut += 1)
		if (list.has(core.slice(0, cut)) && list.has(core.slice(cut))) return true;
	return false;
}

/** Little more than what the person signs in with, or the name of the place. */
function isOwn(text: string, own: readonly string[]): boolean {
	const parts = own
		.flatMap((value) => [fold(value), ...fold(value).split(/[@.\s]/)])
		.filter((part) => part.length >= 4);
	const rest = parts
		.sort((a, b) => b.length - a.length)
		.reduce((left, part) => left.replaceAll(part, ''), text);
	return rest !== text && rest.replace(/[\d\W_]/gu, '').length < 8;
}

/** What is wrong with a new password; undefined when it may be used. `own`: identifiers of the person, names of the place. */
export function problemOf(password: string, own: readonly string[] = []): PasswordProblem | undefined {
	if ([...password].length < leastLength) return 'password-too-short';
	if (password.length > mostLength) return 'password-too-long';
	const text = fold(password);
	if (isOwn(text, own)) return 'password-own';
	if (isRepeated(text) || isRun(text)) return 'password-pattern';
	return isCommon(text) ? 'password-common' : undefined;
}
