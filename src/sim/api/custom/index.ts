/** Schemas of definitions that people write: fetched before somebody can write one (`for-people.ts`). */

export {
	aggregated,
	apiServiceErrors,
	availability,
	UNAVAILABLE,
	undiscovered,
	withAvailability,
} from './aggregation.ts';
export { localApiServices } from './api-services.ts';
export { definitionErrors } from './definition.ts';
export { deleteDefinition, endDefinitions, endingDefinition } from './definition-end.ts';
export { tellAnnotations, tellLacks } from './lacks.ts';
export { ownObjects } from './own-objects.ts';
export { checkChoices, checkCustom } from './schema.ts';
