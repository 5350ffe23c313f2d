/** What a page of the course does in the browser, apart from its figures. Each part enhances markup that works without it. */
import { absorbFragment, carryOnNavigation, pageStore, readParam } from '../state/index.ts';
import { bringFiguresToLife } from '../widgets/live.ts';
import { goToAnchor } from './anchor.ts';
import { followSections } from './contents.ts';
import { linkHeadings } from './headings.ts';
import { keepLanguage, keepPlace } from './language.ts';
import { closeMenus } from './menu.ts';
import { showProgress, tendProgress } from './progress.ts';
import { siteRoot } from './root.ts';
import { offerCourseSearch } from './search.ts';
import { showProblems } from './status.ts';
import { offerTermHelp } from './terms.ts';
import { offerThemes } from './theme-choice.ts';

// Where nothing is kept, the address still holds what `early.ts` has read: this bundle has a store of its own.
absorbFragment(pageStore());
offerThemes();
keepLanguage();
keepPlace();
closeMenus();
offerCourseSearch();
followSections();
goToAnchor();
linkHeadings();
showProgress();
tendProgress();
showProblems();
offerTermHelp();
bringFiguresToLife((key) => readParam(key) !== undefined);
// Last: it adds state to the address that the others have prepared.
carryOnNavigation(pageStore(), siteRoot());
