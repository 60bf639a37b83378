// Compiled, never run: proves that the shapes of types.ts are the server's own, of which `npm run
// api-types` writes generated.ts. Ours may be narrower (the words of a state instead of any text)
// and say that a member with a default is always there; they may neither lack nor invent one.
import type { components } from './generated.ts';
import type * as ours from './types.ts';

type Theirs = components['schemas'];

/** The names that one of two shapes has and the other has not; `never` when they agree. */
type Different<A, B> = Exclude<keyof A, keyof B> | Exclude<keyof B, keyof A>;
type Agrees<Ours, Their> = [Different<Ours, Their>] extends [never]
  ? Ours extends Their
    ? true
    : 'a member has another type'
  : Different<Ours, Their>;

/** Fails to compile when one of them is not `true`. */
type AllAgree<Checks extends readonly true[]> = Checks;

export type Checked = AllAgree<
  [
    Agrees<ours.Me, Theirs['Me']>,
    Agrees<ours.CustomerSummary, Theirs['CustomerSummary']>,
    Agrees<ours.Customer, Theirs['Customer']>,
    Agrees<ours.CustomerRow, Theirs['CustomerRow']>,
    Agrees<ours.Identity, Theirs['Identity']>,
    Agrees<ours.Address, Theirs['Address']>,
    Agrees<ours.Interaction, Theirs['Interaction']>,
    Agrees<ours.InteractionRow, Theirs['InteractionRow']>,
    Agrees<ours.Activity, Theirs['Activity']>,
    Agrees<ours.Recording, Theirs['Recording']>,
    Agrees<ours.Listening, Theirs['Listening']>,
    Agrees<ours.RecordingSource, Theirs['RecordingSource']>,
    Agrees<ours.FieldSet, Theirs['FieldSet']>,
    Agrees<ours.Comment, Theirs['Comment']>,
    Agrees<ours.WrapUp, Theirs['WrapUp']>,
    Agrees<ours.WrapUpCode, Theirs['WrapUpCode']>,
    Agrees<ours.Account, Theirs['Account']>,
    Agrees<ours.Team, Theirs['Team']>,
    Agrees<ours.AuditEntry, Theirs['AuditEntry']>,
    Agrees<ours.JourneyPage, Theirs['JourneyPage']>,
    Agrees<ours.RequestMilestone, Theirs['RequestMilestone']>,
    Agrees<ours.CallView, Theirs['CallView']>,
    Agrees<ours.Candidate, Theirs['Candidate']>,
    Agrees<ours.OpenCustomer, Theirs['OpenCustomer']>,
    Agrees<ours.Cti, Theirs['Cti']>,
    Agrees<ours.DeskSettings, Theirs['DeskSettings']>,
    Agrees<ours.DeskSnapshot, Theirs['Snapshot']>,
    Agrees<ours.User, Theirs['Colleague']>,
    Agrees<ours.Request, Theirs['Request']>,
    Agrees<ours.RequestTag, Theirs['RequestTag']>,
    Agrees<ours.ChannelPolicy, Theirs['ChannelPolicy']>,
    Agrees<ours.CardChange, Theirs['Change']>,
    Agrees<ours.CardChanges, Theirs['Changes']>,
    Agrees<ours.RequestType, Theirs['RequestType']>,
    Agrees<ours.CustomerRequests, Theirs['CustomerRequests']>,
    Agrees<ours.Moved, Theirs['Moved']>,
    Agrees<ours.MoveRecord, Theirs['MoveRecord']>,
    Agrees<ours.Import, Theirs['Import']>,
    Agrees<ours.KeptCustomer, Theirs['KeptCustomer']>,
    Agrees<ours.Duplicates, Theirs['Duplicates']>,
    Agrees<ours.DuplicatePage, Theirs['PairPage']>,
    Agrees<ours.Merge, Theirs['Merge']>,
    Agrees<ours.MergePreview, Theirs['Preview']>,
    Agrees<ours.Merged, Theirs['Merged']>,
    Agrees<ours.Unmerged, Theirs['Unmerged']>,
    Agrees<ours.View, Theirs['View']>,
    Agrees<ours.BulkEdit, Theirs['BulkEdit']>,
    Agrees<ours.LeftAlone, Theirs['LeftAlone']>,
    Agrees<ours.Tombstone, Theirs['Tombstone']>,
  ]
>;
