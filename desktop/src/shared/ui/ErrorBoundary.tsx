import { Component, type ErrorInfo, type ReactNode } from 'react';
import { Broken } from './Broken.tsx';

interface Props {
  children: ReactNode;
  /** A change of this value (another customer, another page) gives the part another try. */
  resetKey: string;
}

interface State {
  error: Error | null;
  key: string;
}

/** Keeps a defect in one part of the page from taking the rest, above all the call bar, with it. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null, key: this.props.resetKey };

  static getDerivedStateFromError(error: Error): Partial<State> {
    return { error };
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.resetKey === state.key ? null : { error: null, key: props.resetKey };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    // The browser's own report is where support looks first; the page shows the message too.
    reportError(new Error(`${error.message}${info.componentStack ?? ''}`, { cause: error }));
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return <Broken message={error.message} onRetry={() => this.setState({ error: null })} />;
  }
}
