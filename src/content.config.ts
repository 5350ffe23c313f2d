import { defineCollection } from 'astro:content';
import { glob } from 'astro/loaders';
import { z } from 'astro/zod';

/** Prose: one MDX per lesson (or other page) and language. The id is `<folder>/<language>`. */
const prose = defineCollection({
	loader: glob({ pattern: '*/{fr,zh,ko,en}.mdx', base: './content' }),
	schema: z.strictObject({
		title: z.string(),
		/** One or two sentences: the map of the course, and `<meta name="description">`. */
		description: z.string(),
		objectives: z.array(z.string()).optional(),
		prerequisites: z.string().optional(),
	}),
});

export const collections = { prose };
