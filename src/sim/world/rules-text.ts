/**
 * Rules that a scenario gives as `iptables-save` text. Only scenario files do: presets give objects, so that the
 * browser need not carry a parser. There `rules-text-none.ts` stands in this file's place
 * (`src/integrations/smaller-world.ts`).
 */
export { parseIptablesSave as parseRules } from '../linux/index.ts';
