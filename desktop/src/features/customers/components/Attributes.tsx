import { useTranslation } from 'react-i18next';
import type { Attribute, Customer, Json } from '../../../shared/api/types.ts';
import { FIELD_TYPES } from '../../../shared/fields/fieldTypes.ts';
import { LinkedText } from '../../../shared/ui/LinkedText.tsx';
import { linkParts } from '../../../shared/ui/linkParts.ts';
import { Phone } from '../../../shared/ui/Phone.tsx';
import { attributeField } from '../drafts.ts';
import { SecretValue } from '../privacy/SecretValue.tsx';
import { InlineField } from './InlineField.tsx';

/** What the company keeps beyond the system fields, in the order of its administrators. */
export function Attributes({
  customer,
  attributes,
}: {
  customer: Customer;
  attributes: readonly Attribute[];
}) {
  const { t } = useTranslation();
  return attributes.map((attribute) => {
    const { type } = attribute.type;
    if (attribute.privacy === 'sensitive') {
      return (
        <InlineField
          key={attribute.id}
          customer={customer}
          field={attributeField(attribute.key) as `attributes.${string}`}
          label={attribute.label}
          help={attribute.help}
          control={FIELD_TYPES[type].control(attribute.type, t)}
          show={() => (
            <SecretValue key={customer.version} customerId={customer.id} attribute={attribute} />
          )}
          links
          masked
        />
      );
    }
    const kind = FIELD_TYPES[type];
    const stored = customer.attributes[attribute.key] ?? null;
    const links =
      typeof stored === 'string' && linkParts(stored).some((part) => part.href !== null);
    const show = (value: Json) => {
      if (type === 'phone') return <Phone value={String(value)} />;
      const text = kind.show(value, t);
      return links ? <LinkedText text={text} /> : text;
    };
    return (
      <InlineField
        key={attribute.id}
        customer={customer}
        field={attributeField(attribute.key) as `attributes.${string}`}
        label={attribute.label}
        help={attribute.help}
        control={kind.control(attribute.type, t)}
        show={show}
        links={links}
      />
    );
  });
}
