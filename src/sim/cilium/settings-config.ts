/** From cilium-config back to the values that write it: what an agent that starts reads, as `ciliumSettings` takes it. */
import { HELM_TABLE } from './helm-keys.ts';
import type { Values } from './settings.ts';

/**
 * Values with which the chart of `version` writes the keys of `config` that the agent looks at. Keys nobody's chart
 * writes are left out, as an agent leaves out options it does not know.
 */
export const valuesOfConfig = (version: string, config: Readonly<Record<string, string>>): Values => {
	const minor = Number(version.split('.')[1]);
	const values: Record<string, string> = {};
	for (const { name, config: first, renamed, since, until } of HELM_TABLE.values()) {
		const key = renamed && minor >= renamed[0] ? renamed[1] : first;
		if (key === undefined || !Object.hasOwn(config, key)) continue;
		if ((since ?? 0) > minor || (until ?? 99) < minor) continue;
		values[name] = config[key]!;
	}
	return values;
};
