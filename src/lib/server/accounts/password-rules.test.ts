import { expect, test } from 'vitest';
import { problemOf } from './password-rules.ts';

const own = ['alice@example.com', '+34600123456', 'alice.marin', 'Linden Library'];

test.each([
	'correct horse battery staple',
	'비밀번호는 길어야 안전합니다 정말로',
	'كلمة مرور طويلة جدا لا يعرفها أحد',
	'un gato verde duerme en marzo',
	'😀 smiles are characters too 😀',
	'xK9 vQ2 mN7 pL4 wR8',
	'fifteen letters'
])('a long password of any characters is taken: %s', (password) => {
	expect(problemOf(password, own)).toBeUndefined();
});

test.each([
	['fourteen chars', 'password-too-short'],
	['x'.repeat(501), 'password-too-long'],
	['aaaaaaaaaaaaaaaa', 'password-pattern'],
	['passwordpassword', 'password-pattern'],
	['qwertyuiop1234567890', 'password-pattern'],
	['123456789012345', 'password-pattern'],
	['sunshineprincess', 'password-common'],
	['Password12345678!', 'password-common'],
	['alice@example.com', 'password-own'],
	['alice.marin-2026!', 'password-own'],
	['lindenlibrary2026', 'password-own']
])('"%s" is answered with %s', (password, problem) => {
	expect(problemOf(password, own)).toBe(problem);
});
