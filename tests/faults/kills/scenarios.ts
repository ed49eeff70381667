// Every scenario of the kill tests.
import { deliveries } from './deliveries.ts';
import { exportsBuilt } from './exports.ts';
import { intake } from './intake.ts';
import type { Scenario } from './scenario.ts';
import { withdrawals } from './withdrawals.ts';

export const scenarios: readonly Scenario[] = [withdrawals, exportsBuilt, intake, deliveries];
