/** CEL for a server that is about to be handed some: @marcbachmann/cel-js, fetched with the first object that has any. */
import { hasExpressions, loadExpressions } from '../../sim/api/index.ts';

/** To be awaited with every text that somebody writes into a cluster. */
export async function loadExpressionsOf(text: string): Promise<void> {
	if (!hasExpressions(text)) return;
	const { Environment } = await import('@marcbachmann/cel-js');
	await loadExpressions(() => new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false }));
}
