/** The lesson's exercises, in the order they stand in it. All of them are over the lab. */
import type { LabExercise } from '../../../src/exercises/index.ts';
import { addressAgain } from './address-again.ts';
import { cliGuess } from './cli-guess.ts';
import { containerCount } from './container-count.ts';
import { createOrder } from './create-order.ts';
import { dateCli } from './date-cli.ts';
import { demoPods } from './demo-pods.ts';
import { fromNothing } from './from-nothing.ts';
import { misspeltValues } from './misspelt-values.ts';
import { modeLine } from './mode-line.ts';
import { nobodyAnswers } from './nobody-answers.ts';
import { portTwice } from './port-twice.ts';
import { safeConfig } from './safe-config.ts';
import { twoFamilies } from './two-families.ts';
import { valueColumn } from './value-column.ts';
import { withoutNetwork } from './without-network.ts';

export const exercises: readonly LabExercise[] = [
	containerCount,
	addressAgain,
	safeConfig,
	portTwice,
	createOrder,
	withoutNetwork,
	misspeltValues,
	cliGuess,
	demoPods,
	modeLine,
	nobodyAnswers,
	twoFamilies,
	valueColumn,
	dateCli,
	fromNothing,
];
