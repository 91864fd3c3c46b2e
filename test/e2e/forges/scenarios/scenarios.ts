import type { Row } from '../../../forges/table.ts'
import type { Scenario } from '../fixtures.ts'
import * as bff from './bff.ts'
import { tokenForThePage } from './mediated.ts'
import * as code from './page-code.ts'
import { implicit, password, personalToken } from './page-grants.ts'
import { pasted } from './pasted.ts'
import { revoked } from './sign-out.ts'
import { tokenInTheAddress } from './token-in-address.ts'

/** What happens in the cells of each row. */
export const SCENARIOS: Readonly<Record<Row, Scenario>> = {
  'page: code with PKCE': code.byRedirect,
  'page: in a popup': code.byPopup,
  'page: implicit': implicit,
  'page: password': password,
  'page: personal token': personalToken,
  'page: renewal': code.renewal,
  'BFF: code': bff.byRedirect,
  'BFF: in a popup': bff.byPopup,
  'BFF: pasted code': pasted,
  'BFF: renewal': bff.renewal,
  'BFF: token for the page': tokenForThePage,
  'token in the address': tokenInTheAddress,
  'revoked at sign-out': revoked,
}
