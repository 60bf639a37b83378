import { useTranslation } from 'react-i18next';
import type { Attribute, Json } from '../../../shared/api/types.ts';
import { LinkedText } from '../../../shared/ui/LinkedText.tsx';
import { attributeText } from '../attributes.ts';
import styles from './Attributes.module.css';
import { Phone } from './Phone.tsx';

function Value({ attribute, value }: { attribute: Attribute; value: Json }) {
  const { t } = useTranslation();
  if (attribute.type.type === 'phone') return <Phone value={String(value)} />;
  return <LinkedText text={attributeText(attribute, value, t)} />;
}

/** What the company keeps beyond the system fields, in the order of its administrators. */
export function Attributes({
  attributes,
  values,
}: {
  attributes: readonly Attribute[];
  values: Record<string, Json>;
}) {
  return (
    <dl>
      {attributes.map((attribute) => {
        const value = values[attribute.key];
        return (
          <div key={attribute.id} className={styles.row}>
            <dt className={styles.key} title={attribute.help || undefined}>
              {attribute.label}
            </dt>
            <dd className={styles.value}>
              {value === undefined || value === null ? (
                '–'
              ) : (
                <bdi>
                  <Value attribute={attribute} value={value} />
                </bdi>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
