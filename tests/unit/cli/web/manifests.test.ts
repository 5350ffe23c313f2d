import { expect, it } from 'vitest';
import { PAGES } from '../../../../src/cli/web/pages.ts';
import { catalogued } from '../../../../src/sim/lab/machine/catalog.ts';
import { parseImage } from '../../../../src/sim/lab/machine/image-names.ts';

const images = new Set(
	PAGES.flatMap(({ text }) => [...text().matchAll(/image: *'?([^\s'",]+)/g)].map(([, name]) => name!)),
);

it.each([...images])('a registry of the lab has %s, which a manifest with an address names', (image) => {
	expect(catalogued(parseImage(image)!)).toBeDefined();
});

it('manifests name images', () => expect(images.size).toBeGreaterThan(1));
