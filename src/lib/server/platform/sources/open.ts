// Promise: one address opens a source; which kind it is nobody else asks.
import { kindOf } from './addresses.ts';
import type { Driven, Driver } from './driver.ts';
import { guarded, type BreakerRule, type Watch } from './guarded.ts';
import type { Sign } from './http/calling.ts';
import { httpSource } from './http/http-source.ts';
import type { Source } from './source.ts';
import type { Engine } from './sql/engine.ts';
import { sqlSource } from './sql/sql-source.ts';

export type { Driven, DrivenCategory } from './driver.ts';
export type { BreakerRule, Watch } from './guarded.ts';
export type { Sign } from './http/calling.ts';

export interface SourceEquipment {
	watch: Watch;
	sign: Sign;
	breaker?: BreakerRule;
}

/** Drivers are loaded where one is needed: a portal without such a source starts without them. */
async function engineOf(address: string, pool: number): Promise<Engine> {
	if (address.startsWith('sqlite:'))
		return (await import('./sql/sqlite.ts')).openSqlite(address.slice('sqlite:'.length), pool);
	if (/^(mysql|mariadb):/.test(address)) return (await import('./sql/mysql.ts')).openMysql(address, pool);
	return (await import('./sql/postgres.ts')).openPostgres(address, pool);
}

/** Opens no connection yet: a system that is away must not keep the portal from starting. */
export async function openSource(
	driven: Driven,
	address: string,
	{ watch, sign, breaker }: SourceEquipment
): Promise<Source> {
	const driver: Driver =
		kindOf(address) === 'http'
			? httpSource(driven, address, sign)
			: sqlSource(driven, await engineOf(address, driven.pool));
	return guarded(driver, { id: driven.id, budget: driven.budget, watch, breaker });
}
